using System.Text.Json;

namespace Gateway.Admin.Backtesting;

/// <summary>What is to be replayed.</summary>
/// <param name="Policy">The edited policy's document; null with <c>candidate</c>.</param>
/// <param name="Name">The policy in whose place it stands; null for the only one that is recorded.</param>
/// <param name="Since">Calls from then on: a length back such as <c>7d</c>, or an instant; null for 7 days.</param>
/// <param name="Frontends">
/// Admin addresses of the other frontends of the fleet, which are asked for their records with the key of this request;
/// null for this gateway's record alone.
/// </param>
/// <param name="Candidate">
/// True: what the candidate of the policy "name" said of calls when they were made, and no call is judged again; since
/// it became the candidate, where "since" is null.
/// </param>
internal sealed record BacktestInput(
    JsonElement? Policy = null, string? Name = null, string? Since = null, IReadOnlyList<string>? Frontends = null,
    bool Candidate = false);
