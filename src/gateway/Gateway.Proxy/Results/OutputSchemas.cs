using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>
/// What the lists that were passed on to a grant say of the answers of tools: the client holds answers to that.
/// </summary>
internal sealed class OutputSchemas
{
    private const int PerGrantMax = 256;

    private readonly LatestOfGrants<OutputSchema> _latest = new(PerGrantMax);

    /// <summary>Takes note of a tool as it stands in a list.</summary>
    /// <param name="grant">Whose list it is.</param>
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

    /// <summary>Null where no list named one.</summary>
    public OutputSchema? Find(string grant, string server, string tool) => _latest.Find(grant, PlaceOf(server, tool));

    private static string PlaceOf(string server, string tool) => $"{server}\n{tool}";
}
