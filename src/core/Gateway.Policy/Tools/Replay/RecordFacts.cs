using Gateway.Policy.Decisions;

namespace Gateway.Policy.Tools.Replay;

/// <summary>Properties of the record that a replay reads.</summary>
/// <param name="BeganMs">
/// The start of the record, Unix milliseconds; null if it contains everything that was ever counted.
/// </param>
/// <param name="HasOthers">
/// True if other frontends make calls on the same counters that the record never contains.
/// </param>
/// <param name="Caller">The caller to assume for calls whose caller is not recorded; null for none.</param>
public sealed record RecordFacts(long? BeganMs = null, bool HasOthers = false, Caller? Caller = null);
