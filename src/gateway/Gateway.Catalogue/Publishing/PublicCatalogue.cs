using Gateway.Catalogue.Indexing;
using Gateway.Control.Options;

namespace Gateway.Catalogue.Publishing;

/// <summary>
/// The index of public definitions: the file in the data directory, which is opened again after it changed, or the
/// catalogue in this program if there is no file, or only an older published one.
/// </summary>
public sealed class PublicCatalogue(ProcessOptions options)
{
    private static readonly Lazy<CatalogueIndex?> Built = new(Build);
    private static readonly Lazy<DateTimeOffset> BuiltFrom = new(MadeAt);
    private readonly Lock _lock = new();
    private (DateTime At, long Length) _seen;
    private CatalogueIndex? _index;
    private string? _problem;

    /// <summary>Returns the path of the index in a data directory.</summary>
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "catalogue", "public.index");

    /// <summary>The catalogue in this program, indexed at its first use; null in a program without one.</summary>
    public static CatalogueIndex? Shipped => Built.Value;

    /// <summary>
    /// The time of the catalogue in this program; <see cref="DateTimeOffset.MinValue"/> in a program without one.
    /// </summary>
    internal static DateTimeOffset ShippedAt => BuiltFrom.Value;

    /// <summary>Returns the current index, or null with the reason if there is no usable one.</summary>
    public CatalogueIndex? Current(out string? problem)
    {
        var file = new FileInfo(PathIn(options.DataDirectory));
        lock (_lock)
        {
            var seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (seen != _seen || (_index is null && _problem is null))
                (_seen, _index, _problem) = (seen, null, null);
            if (_index is null && _problem is null)
                _index = Open(file.FullName, out _problem);
            problem = _problem;
            return _index;
        }
    }

    /// <summary>Opens the index of a data directory, or the catalogue in this program.</summary>
    /// <param name="path">The path of the index, which may be missing.</param>
    /// <param name="problem">The reason if there is no usable index.</param>
    public static CatalogueIndex? Open(string path, out string? problem)
    {
        problem = null;
        try
        {
            if (File.Exists(path) && CatalogueIndex.Open(path) is var found
                && (!found.IsPublished || found.MadeAt >= ShippedAt))
            {
                return found;
            }
        }
        catch (IndexException e)
        {
            problem = e.Message;
            return null;
        }

        if (Shipped is { } shipped)
            return shipped;
        problem = "Public servers are not searched: nothing was imported. See: gateway catalogue import";
        return null;
    }

    private static CatalogueIndex? Build()
    {
        using var shipped = PublishedCatalogue.OpenShipped();
        if (shipped is null)
            return null;
        using var index = new MemoryStream();
        PublishedCatalogue.Build(shipped, index);
        return CatalogueIndex.Of(index.ToArray());
    }

    private static DateTimeOffset MadeAt()
    {
        using var shipped = PublishedCatalogue.OpenShipped();
        return shipped is null ? DateTimeOffset.MinValue : PublishedCatalogue.ReadHead(shipped).MadeAt;
    }
}
