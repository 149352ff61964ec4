using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Admin.Importing;

/// <summary>
/// Reads the descriptors of Envoy's rate limit service. Those for a tool, or for any grant, become limits. All others
/// say nothing about tool calls and are listed in the notes.
/// </summary>
internal sealed class EnvoyImport(YamlSource root, string toolKey, string grantKey)
{
    private static readonly string[] Units = ["second", "minute", "hour", "day", "week", "month"];

    private readonly ImportDraft _draft = new();

    public ImportedPolicy Read()
    {
        if (root.Find("domain") is null || root.Find("descriptors") is not { IsList: true } descriptors)
            throw new ImportException(root.Line, "a file of the rate limit service must have domain and descriptors");
        // The rate limit service does not limit requests that match no descriptor.
        _draft.Default("allow");
        foreach (var descriptor in descriptors.Items)
            ReadDescriptor(descriptor, tool: null, isGrant: false);
        return _draft.Finish();
    }

    private void ReadDescriptor(YamlSource descriptor, string? tool, bool isGrant)
    {
        var (key, value) = (descriptor.Find("key")?.Text, descriptor.Find("value")?.Text);
        var isTool = key == toolKey && tool is null && value is { Length: > 0 }
            && value.AsSpan().IndexOfAny('*', '?') < 0;
        var isOfGrant = key == grantKey && !isGrant && string.IsNullOrEmpty(value);
        if (!isTool && !isOfGrant)
        {
            _draft.Note(descriptor.Note($"only descriptors with the key \"{toolKey}\" and one tool's name, or with "
                + $"the key \"{grantKey}\" and no value, can become limits; \"{key}\" {value} and everything below it "
                + "was omitted"));
            return;
        }

        (tool, isGrant) = (isTool ? value : tool, isGrant || isOfGrant);
        foreach (var other in descriptor.Others("key", "value", "rate_limit", "descriptors"))
            _draft.Note(other.Note("has no equivalent and was omitted; the limit applies without it"));
        if (descriptor.Find("rate_limit") is { } rate)
            ReadRate(rate, tool, isGrant, descriptor.Find("shadow_mode")?.Text == "true");
        foreach (var below in descriptor.Find("descriptors")?.Items ?? [])
            ReadDescriptor(below, tool, isGrant);
    }

    private void ReadRate(YamlSource rate, string? tool, bool isGrant, bool isShadow)
    {
        foreach (var other in rate.Others("unit", "requests_per_unit", "unlimited", "name"))
            _draft.Note(other.Note("has no equivalent and was omitted; the limit applies without it"));
        if (rate.Find("unlimited")?.Text == "true")
            return;
        var unit = rate.Find("unit")?.Text?.ToLowerInvariant();
        if (isShadow || !Units.Contains(unit) || !long.TryParse(
            rate.Find("requests_per_unit")?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
        {
            _draft.Note(rate.Note(isShadow
                ? "a limit in shadow mode refuses nothing, so it was omitted"
                : $"the unit must be one of {string.Join(", ", Units)}, and requests_per_unit a whole number; the "
                    + "limit was omitted"));
            return;
        }

        var entry = tool is null ? _draft.AllTools() : _draft.Tool(tool);
        if (most == 0)
            ImportDraft.Deny(entry, tool is null, null);
        else
            ImportDraft.Add(entry, "limits", new JsonObject
            {
                ["counter"] = _draft.Counter(rate.Find("name")?.Text ?? $"{tool ?? "all"}.{unit}"),
                ["window"] = unit,
                ["max"] = most,
                ["scope"] = isGrant ? "grant" : "server",
            });
    }
}
