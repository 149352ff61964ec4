using Gateway.Limits.Model;

namespace Gateway.Policy.Documents;

/// <summary><c>max_in_flight</c> as written.</summary>
/// <param name="Pointer">Where it stands.</param>
/// <param name="Offset">The same in the text.</param>
/// <param name="Max">Calls that may be open at once.</param>
/// <param name="Scope">Whose calls are counted together.</param>
internal sealed record InFlightDocument(string Pointer, int Offset, int Max, LimitScope Scope);
