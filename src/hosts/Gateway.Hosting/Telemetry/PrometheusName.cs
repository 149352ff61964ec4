using System.Text;

namespace Gateway.Hosting.Telemetry;

/// <summary>OpenTelemetry names as Prometheus names (OpenTelemetry specification, Prometheus compatibility).</summary>
internal static class PrometheusName
{
    /// <summary>The family of an instrument: its name, its unit in words, and <c>_total</c> for a counter.</summary>
    public static string Family(string name, string unit, string kind)
    {
        var family = Clean(name);
        var suffix = Unit(unit);
        if (suffix.Length > 0 && !family.EndsWith("_" + suffix, StringComparison.Ordinal))
            family += "_" + suffix;
        return kind == "counter" && !family.EndsWith("_total", StringComparison.Ordinal) ? family + "_total" : family;
    }

    /// <summary>A label's name.</summary>
    public static string Label(string name) => Clean(name).Replace(':', '_');

    // Units in braces only annotate, such as {request}; they are no part of a name.
    private static string Unit(string unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "MB" => "megabytes",
        "1" or "" => "",
        _ when unit.StartsWith('{') => "",
        _ => Clean(unit),
    };

    private static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            var next = char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_';
            if (next != '_' || clean.Length == 0 || clean[^1] != '_')
                clean.Append(next);
        }

        if (clean.Length == 0 || char.IsAsciiDigit(clean[0]))
            clean.Insert(0, '_');
        return clean.ToString();
    }
}
