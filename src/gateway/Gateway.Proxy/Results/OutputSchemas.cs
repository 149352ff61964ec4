using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>
/// The output schemas in the tool lists that were passed on to each grant. Clients validate results against them.
/// </summary>
internal sealed class OutputSchemas
{
    private const int PerGrantMax = 256;

    private readonly LatestOfGrants<OutputSchema> _latest = new(PerGrantMax);

    /// <summary>Records a tool as it appears in a list.</summary>
    /// <param name="grant">The grant that received the list.</param>
    /// <param name="server">The server.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="tool">The tool, as raw JSON.</param>
    public void See(string grant, string server, string name, ReadOnlySpan<byte> tool)
    {
        var place = PlaceOf(server, name);
        if (_latest.Find(grant, place) is { } known && known.IsOf(tool))
            return;
        if (OutputSchema.OfTool(name, tool) is { } schema)
            _latest.Set(grant, place, schema);
        else
            _latest.Remove(grant, place);
    }

    /// <summary>Returns the schema, or null if no list contained one.</summary>
    public OutputSchema? Find(string grant, string server, string tool) => _latest.Find(grant, PlaceOf(server, tool));

    private static string PlaceOf(string server, string tool) => $"{server}\n{tool}";
}
