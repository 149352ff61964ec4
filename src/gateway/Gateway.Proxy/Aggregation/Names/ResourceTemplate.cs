using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>A resource template of a server (RFC 6570), asked whether a URI may have come of it.</summary>
internal sealed class ResourceTemplate
{
    /// <summary>A longer one fits nothing.</summary>
    public const int LengthMax = 1024;

    private readonly Regex? _pattern;

    public ResourceTemplate(string template) => _pattern = Read(template);

    public bool Fits(string uri) => _pattern is not null && _pattern.IsMatch(uri);

    /// <summary>A variable stands for one part of a path, unless its operator lets it hold more.</summary>
    private static Regex? Read(string template)
    {
        if (template.Length > LengthMax)
            return null;
        var pattern = new StringBuilder(@"\A");
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            pattern.Append(Regex.Escape(template[at..(open < 0 ? template.Length : open)]));
            if (open < 0)
                break;
            var close = template.IndexOf('}', open);
            if (close < 0)
                return null;
            pattern.Append(template[open + 1] switch
            {
                '+' => ".+",
                '#' or '/' or '.' or ';' or '?' or '&' => ".*",
                _ => "[^/?#]+",
            });
            at = close + 1;
        }

        // Linear in the URI, whatever the server wrote.
        return new Regex(pattern.Append(@"\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
