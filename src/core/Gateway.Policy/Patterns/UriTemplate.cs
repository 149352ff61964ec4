using System.Text;

namespace Gateway.Policy.Patterns;

/// <summary>Converts URI templates (RFC 6570) to patterns: an expression can expand to anything.</summary>
internal static class UriTemplate
{
    public static Glob ToGlob(string template)
    {
        var pattern = new StringBuilder(template.Length);
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '{')
            {
                pattern.Append(template[at]);
                continue;
            }

            pattern.Append('*');
            var close = template.IndexOf('}', at);
            at = close < 0 ? template.Length : close;
        }

        return new Glob(pattern.ToString(), GlobStyle.Uri);
    }
}
