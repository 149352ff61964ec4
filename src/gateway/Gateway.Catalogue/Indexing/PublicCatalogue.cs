using Gateway.Control.Options;

namespace Gateway.Catalogue.Indexing;

/// <summary>The index of public definitions in the data directory, which is opened again after a new import.</summary>
public sealed class PublicCatalogue(ProcessOptions options)
{
    private readonly Lock _lock = new();
    private (DateTime At, long Length) _seen;
    private CatalogueIndex? _index;
    private string? _problem;

    /// <summary>Returns the path of the index in a data directory.</summary>
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "catalogue", "public.index");

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
