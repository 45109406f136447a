/** Each request of an editor, handed to the file that answers it. */
import { CodeActionKind } from 'vscode-languageserver'
import type { CodeAction, Connection, Position } from 'vscode-languageserver'
import { applyFixes } from '../lint/apply-fixes.ts'
import { FIX_ALL, fixAll, mended, quickFixes } from './code-actions.ts'
import type { AsEdit } from './code-actions.ts'
import { complete } from './complete.ts'
import { hover } from './hover.ts'
import { definitionsAt, referencesAt } from './navigate.ts'
import type { OpenFolders } from './open-folders.ts'
import { rename, renamable } from './rename.ts'
import { documentOf } from './scene.ts'
import type { Scene } from './scene.ts'
import { symbolsOf } from './symbols.ts'

/** A mend can uncover a problem with a mend of its own; a circle of them ends here. */
const MOST_ROUNDS = 10

interface At {
  readonly textDocument: { readonly uri: string }
  readonly position: Position
}

export function answerRequests(connection: Connection, folders: OpenFolders, asEdit: AsEdit): void {
  /** What the answer is for the scene and the offset of a request; null for a document that is none of ours. */
  const at = async <T>(params: At, answer: (scene: Scene, offset: number) => T): Promise<T | null> => {
    const scene = await folders.scene(params.textDocument.uri)
    return scene === undefined ? null : answer(scene, documentOf(scene.view).offsetAt(params.position))
  }
  connection.onCompletion(params => at(params, complete))
  connection.onHover(async params => (await at(params, hover)) ?? null)
  connection.onDefinition(params => at(params, definitionsAt))
  connection.onReferences(params => at(params, (scene, offset) => referencesAt(scene, offset, params.context.includeDeclaration)))
  connection.onPrepareRename(params => at(params, renamable))
  connection.onRenameRequest(params => at(params, (scene, offset) => asEdit(rename(scene, offset, params.newName))))
  connection.onDocumentSymbol(async params => {
    const scene = await folders.scene(params.textDocument.uri)
    return scene === undefined ? null : symbolsOf(scene.view)
  })
  connection.onCodeAction(async (params): Promise<CodeAction[] | null> => {
    const { only } = params.context
    const wants = (kind: string): boolean => only === undefined || only.some(one => kind === one || kind.startsWith(`${one}.`))
    if (!wants(CodeActionKind.QuickFix) && !wants(FIX_ALL)) return null
    const scene = await folders.scene(params.textDocument.uri, true)
    if (scene === undefined) return null
    return [
      ...(wants(CodeActionKind.QuickFix) ? quickFixes(scene, params.range, asEdit) : []),
      ...(wants(FIX_ALL) ? fixAll(scene.view, await allMended(scene), asEdit) : []),
    ]
  })

  /** The text after all safe mends, those that others uncover included. */
  async function allMended(scene: Scene): Promise<string> {
    let text = mended(scene)
    for (let round = 1; round < MOST_ROUNDS && text !== scene.view.text && scene.view.kind === 'flow'; round++) {
      const problems = (await folders.checkWith(scene, text)).filter(problem => problem.file === scene.view.path)
      const after = applyFixes(text, problems, false).text
      if (after === text) break
      text = after
    }
    return text
  }
}
