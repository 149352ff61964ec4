namespace Gateway.Faults.Histories;

/// <summary>The moment from which the file contained this maximum for the edited counter.</summary>
internal readonly record struct PolicyEdit(long AtMs, int Max);
