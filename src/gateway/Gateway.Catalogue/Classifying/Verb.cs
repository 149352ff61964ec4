namespace Gateway.Catalogue.Classifying;

/// <summary>A word that tells what is done.</summary>
/// <param name="Word">As the vocabulary has it.</param>
/// <param name="Category">What it does.</param>
/// <param name="IsFirm">Whether it is never a noun: "order" and "run" are both, "delete" is not.</param>
internal sealed record Verb(string Word, ToolCategory Category, bool IsFirm);
