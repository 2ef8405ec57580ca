import styles from './EditorHost.module.css'

/**
 * Class of an element that holds an editor. `monaco-component` is where Monaco declares its colours: its context
 * menu lives in a shadow tree beside the editor and has no background unless the holder passes them on.
 */
export const editorHostClass = `${styles.host ?? ''} monaco-component`
