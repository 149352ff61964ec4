using System.Collections.Immutable;
using System.Text;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>
/// The last lines that a program wrote to its standard error, within bounds. They show the operator, and only the
/// operator, why it failed.
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

    /// <summary>Returns the lines as text without terminal control characters, the newest one last.</summary>
    public ImmutableArray<string> Read()
    {
        lock (_gate)
            return [.. _lines.Select(static line => VisibleText.Of(Encoding.UTF8.GetString(line)))];
    }
}
