import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './tokens.css'
import './base.css'
import { App } from './app/App.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('expected an element with the id "root", found none')

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
