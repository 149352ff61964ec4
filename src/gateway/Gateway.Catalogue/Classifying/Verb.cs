namespace Gateway.Catalogue.Classifying;

/// <summary>A word that indicates an action.</summary>
/// <param name="Word">The word as in the vocabulary.</param>
/// <param name="Category">The category of the action.</param>
/// <param name="IsFirm">
/// True if it is never a noun: "order" and "run" are both verbs and nouns, "delete" is not.
/// </param>
internal sealed record Verb(string Word, ToolCategory Category, bool IsFirm);
