using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Identity.Providers;

/// <summary>What came of signing in with a provider.</summary>
/// <param name="Account">Who it is; null where nobody was signed in.</param>
/// <param name="Next">Where the browser wanted to go on.</param>
/// <param name="Problem">Why nobody was signed in.</param>
public sealed record ProviderOutcome(OperatorAccount? Account, string Next, ProviderProblem? Problem = null);
