namespace Gateway.Faults.Histories;

/// <summary>From this moment on the file said that the edited counter has this maximum.</summary>
internal readonly record struct PolicyEdit(long AtMs, int Max);
