using Gateway.Limits.Model;

namespace Gateway.Policy.Documents;

/// <summary><c>max_in_flight</c> as written.</summary>
/// <param name="Pointer">The location of the rule.</param>
/// <param name="Offset">The offset of that location in the text.</param>
/// <param name="Max">Maximum number of calls that may be open at the same time.</param>
/// <param name="Scope">The scope of the calls that are counted together.</param>
internal sealed record InFlightDocument(string Pointer, int Offset, int Max, LimitScope Scope);
