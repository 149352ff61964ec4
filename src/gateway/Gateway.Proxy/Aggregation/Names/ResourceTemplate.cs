namespace Gateway.Proxy.Aggregation.Names;

/// <summary>
/// A resource template of a server (RFC 6570), which determines if a URI may have been made from it. The server writes
/// the template and the agent the URI, so the work is bounded by the product of both lengths.
/// </summary>
internal sealed class ResourceTemplate
{
    /// <summary>The maximum length of a template; a longer one matches nothing.</summary>
    public const int LengthMax = 1024;

    private readonly List<Part>? _parts;

    public ResourceTemplate(string template) => _parts = Read(template);

    /// <summary>Returns true if the URI may have been made from it; false also if no work is left.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="work">The remaining number of characters that all templates of a request may examine.</param>
    public bool Fits(string uri, ref long work)
    {
        if (_parts is null)
            return false;
        var reached = new bool[uri.Length + 1];
        reached[0] = true;
        foreach (var part in _parts)
        {
            work -= uri.Length + 1;
            if (work < 0 || !(part.Literal is { } literal
                ? Step(uri, literal, ref reached, ref work)
                : Step(uri, part, ref reached)))
            {
                return false;
            }
        }

        return reached[^1];
    }

    /// <summary>Moves each reached position past the literal; returns false if none is left.</summary>
    private static bool Step(string uri, string literal, ref bool[] reached, ref long work)
    {
        var next = new bool[reached.Length];
        var isAny = false;
        for (var at = 0; at + literal.Length < reached.Length; at++)
        {
            if (!reached[at])
                continue;
            work -= literal.Length;
            if (string.CompareOrdinal(uri, at, literal, 0, literal.Length) == 0)
                isAny = next[at + literal.Length] = true;
        }

        reached = next;
        return isAny;
    }

    /// <summary>Moves each reached position across the characters that a variable can match.</summary>
    private static bool Step(string uri, Part variable, ref bool[] reached)
    {
        var next = variable.IsOptional ? (bool[])reached.Clone() : new bool[reached.Length];
        var isAny = variable.IsOptional;
        for (var at = 0; at < uri.Length; at++)
        {
            if ((reached[at] || next[at]) && (variable.CrossesParts || uri[at] is not ('/' or '?' or '#')))
                isAny = next[at + 1] = true;
        }

        reached = next;
        return isAny;
    }

    /// <summary>Parses a template. A variable matches one path segment, unless its operator allows more.</summary>
    private static List<Part>? Read(string template)
    {
        if (template.Length > LengthMax)
            return null;
        var parts = new List<Part>();
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            if (open != at)
                parts.Add(new Part(template[at..(open < 0 ? template.Length : open)], false, false));
            if (open < 0)
                break;
            var close = template.IndexOf('}', open);
            if (close < 0)
                return null;
            parts.Add(template[open + 1] switch
            {
                '+' => new Part(null, IsOptional: false, CrossesParts: true),
                '#' or '/' or '.' or ';' or '?' or '&' => new Part(null, IsOptional: true, CrossesParts: true),
                _ => new Part(null, IsOptional: false, CrossesParts: false),
            });
            at = close + 1;
        }

        return parts;
    }

    private sealed record Part(string? Literal, bool IsOptional, bool CrossesParts);
}
