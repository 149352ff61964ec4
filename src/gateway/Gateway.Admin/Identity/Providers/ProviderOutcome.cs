using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.Providers;

/// <summary>The result of a sign-in with a provider.</summary>
/// <param name="Account">The account; null if nobody was signed in.</param>
/// <param name="Next">The path to which the browser continues.</param>
/// <param name="Problem">The reason why nobody was signed in.</param>
public sealed record ProviderOutcome(OperatorAccount? Account, string Next, ProviderProblem? Problem = null);
