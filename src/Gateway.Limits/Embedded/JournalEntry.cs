namespace Gateway.Limits.Embedded;

/// <summary>A counter in the journal.</summary>
/// <param name="Record">Its reservation.</param>
/// <param name="Number">Its number in the present file, which stands for the key there; 0 if it has none yet.</param>
internal readonly record struct JournalEntry(Reservation Record, uint Number);
