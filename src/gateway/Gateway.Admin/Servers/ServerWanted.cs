using Gateway.Control.Contracts;

namespace Gateway.Admin.Servers;

/// <summary>A server as a body asks for it.</summary>
/// <param name="Input">Its configuration, with the header values that were entered.</param>
/// <param name="KeptHeaders">Headers whose present values stay.</param>
internal sealed record ServerWanted(ServerInput Input, IReadOnlyList<string> KeptHeaders);
