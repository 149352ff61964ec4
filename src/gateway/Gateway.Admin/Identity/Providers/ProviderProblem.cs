namespace Gateway.Admin.Identity.Providers;

/// <summary>The reason why a sign-in failed, for a page.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The title as plain text.</param>
/// <param name="Text">The explanation and the next step as plain text.</param>
public sealed record ProviderProblem(int Status, string Title, string Text);
