using System.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>JSON Pointers (RFC 6901) for places in the configuration file.</summary>
public static class JsonPointer
{
    public static string Of(ReadOnlySpan<string> path)
    {
        var pointer = new StringBuilder();
        foreach (var step in path)
            pointer.Append('/').Append(Escape(step));
        return pointer.ToString();
    }

    public static string Escape(string step) =>
        step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
