using Gateway.Control.Options;

namespace Gateway.Catalogue.Indexing;

/// <summary>The index of public definitions in the data directory; one that was imported anew is taken up.</summary>
public sealed class PublicCatalogue(ProcessOptions options)
{
    private readonly Lock _lock = new();
    private (DateTime At, long Length) _seen;
    private CatalogueIndex? _index;
    private string? _problem;

    /// <summary>Where the index of a data directory is.</summary>
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "catalogue", "public.index");

    /// <summary>What is in force; null with the reason where there is none that can be used.</summary>
    public CatalogueIndex? Current(out string? problem)
    {
        var file = new FileInfo(PathIn(options.DataDirectory));
        lock (_lock)
        {
            var seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (seen != _seen || (_index is null && _problem is null))
                (_seen, _index, _problem) = (seen, null, null);
            if (_index is null && _problem is null)
                Open(file);
            problem = _problem;
            return _index;
        }
    }

    private void Open(FileInfo file)
    {
        try
        {
            if (file.Exists)
                _index = CatalogueIndex.Open(file.FullName);
            else
                _problem = "Public servers are not searched: nothing was imported. See: gateway catalogue import";
        }
        catch (IndexException e)
        {
            _problem = e.Message;
        }
    }
}
