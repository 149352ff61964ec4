namespace Gateway.Admin.Records;

/// <summary>Whether a server answers, as the calls of this process found it.</summary>
/// <param name="Name">The server.</param>
/// <param name="Health"><c>ok</c>, <c>unreachable</c>, or <c>unknown</c> where no call has gone there yet.</param>
/// <param name="Since">Since when.</param>
/// <param name="Fault">Why there was no answer.</param>
/// <param name="Paused">Whether the operator has stopped it.</param>
internal sealed record ServerStateView(
    string Name, string Health, DateTimeOffset? Since, string? Fault, bool Paused);
