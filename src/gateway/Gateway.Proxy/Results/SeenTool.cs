namespace Gateway.Proxy.Results;

/// <summary>A tool that a list shows.</summary>
/// <param name="name">Its name.</param>
/// <param name="tool">All that the server says of it, as raw JSON.</param>
internal delegate void SeenTool(string name, ReadOnlySpan<byte> tool);
