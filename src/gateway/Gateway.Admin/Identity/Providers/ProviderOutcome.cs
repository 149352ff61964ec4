using Gateway.Admin.Identity.Operators;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.Providers;

/// <summary>The result of a sign-in with a provider.</summary>
/// <param name="Account">The account; null if nobody was signed in.</param>
/// <param name="Next">The path to which the browser continues.</param>
/// <param name="Problem">The reason why nobody was signed in.</param>
public sealed record ProviderOutcome(OperatorAccount? Account, string Next, ProviderProblem? Problem = null);

/// <summary>A person whom a provider identified.</summary>
/// <param name="Provider">The provider; null if nobody was identified.</param>
/// <param name="Claims">The provider's claims about the person; null if nobody was identified.</param>
/// <param name="Next">The path to which the browser continues.</param>
/// <param name="Problem">The reason why nobody was identified.</param>
internal sealed record IdentifiedPerson(
    ProviderSettings? Provider, ProviderClaims? Claims, string Next, ProviderProblem? Problem = null);
