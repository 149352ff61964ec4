namespace Gateway.Admin.Identity.Providers;

/// <summary>Why nobody was signed in, for a page.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">Plain text.</param>
/// <param name="Text">What to do, plain text.</param>
public sealed record ProviderProblem(int Status, string Title, string Text);
