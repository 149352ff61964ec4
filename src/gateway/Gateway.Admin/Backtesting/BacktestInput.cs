using System.Text.Json;

namespace Gateway.Admin.Backtesting;

/// <summary>The parameters of a replay.</summary>
/// <param name="Policy">The edited policy's document; null with <c>candidate</c>.</param>
/// <param name="Name">The policy that it replaces; null for the only one in the record.</param>
/// <param name="Since">The start: a duration back from now such as <c>7d</c>, or an instant; null for 7 days.</param>
/// <param name="Frontends">The admin addresses of the other frontends of the fleet, whose records are requested with
/// the key of this request; null for this gateway's record only.</param>
/// <param name="Candidate">True: report the recorded decisions of the candidate of the policy "name", without
/// evaluating calls again; by default since it became the candidate.</param>
/// <param name="Caller">The caller to assume for calls whose caller is not recorded, as in a policy's tests; null for
/// none.</param>
internal sealed record BacktestInput(
    JsonElement? Policy = null, string? Name = null, string? Since = null, IReadOnlyList<string>? Frontends = null,
    bool Candidate = false, JsonElement? Caller = null)
{
    /// <summary>Evaluates the calls of this server, whatever policy decided them; with <c>policy</c> only.</summary>
    public string? Server { get; init; }

    /// <summary>Evaluates only calls of this tool of the server.</summary>
    public string? Tool { get; init; }
}
