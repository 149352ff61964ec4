namespace Gateway.Proxy.Results;

/// <summary>A callback that receives a tool in a list.</summary>
/// <param name="name">The tool's name.</param>
/// <param name="tool">The whole definition from the server, as raw JSON.</param>
internal delegate void SeenTool(string name, ReadOnlySpan<byte> tool);
