namespace Gateway.Policy.Tools.Replay;

/// <summary>What a replay has to know of the record that it reads.</summary>
/// <param name="BeganMs">When it begins, Unix milliseconds; null where it has all that ever was counted.</param>
/// <param name="HasOthers">
/// Whether there are calls on the same counters that it never has: other frontends' own.
/// </param>
public sealed record RecordFacts(long? BeganMs = null, bool HasOthers = false);
