using System.Collections.Immutable;
using System.Text;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>
/// What a program wrote last on its standard error, within bounds: it says why it failed, to the operator alone.
/// </summary>
internal sealed class LastLines
{
    private const int LinesMax = 20;
    private const int LineBytesMax = 400;
    private readonly Queue<byte[]> _lines = new(LinesMax);
    private readonly Lock _gate = new();

    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_lines.Count == LinesMax)
                _lines.Dequeue();
            _lines.Enqueue([.. line[..Math.Min(line.Length, LineBytesMax)]]);
        }
    }

    /// <summary>The lines as text that does nothing to a terminal, the last one last.</summary>
    public ImmutableArray<string> Read()
    {
        lock (_gate)
            return [.. _lines.Select(static line => VisibleText.Of(Encoding.UTF8.GetString(line)))];
    }
}
