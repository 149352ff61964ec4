using Gateway.Control.Contracts;

namespace Gateway.Admin.Servers;

/// <summary>The server that the body of a request describes.</summary>
/// <param name="Input">The configuration, with the header values that were entered.</param>
/// <param name="KeptHeaders">The names of the headers whose current values stay.</param>
internal sealed record ServerWanted(ServerInput Input, IReadOnlyList<string> KeptHeaders);
