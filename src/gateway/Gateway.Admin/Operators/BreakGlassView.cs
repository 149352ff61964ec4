namespace Gateway.Admin.Operators;

/// <summary>The administrator's key.</summary>
/// <param name="State"><c>on</c> or <c>off</c>.</param>
/// <param name="Origin"><c>file</c> if it is in the configuration file, else <c>printed</c>.</param>
/// <param name="Key">A new key, in this response only.</param>
internal sealed record BreakGlassView(string State, string Origin, string? Key = null);
