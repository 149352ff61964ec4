using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Catalogue.Indexing;

/// <summary>A writer of an index, server after server in the order of their names. Terms are held in memory.</summary>
public sealed class IndexBuilder : IDisposable
{
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 20;
    private readonly Stream _stream;
    private readonly Dictionary<string, PostingList> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WordPlace> _words = new(StringComparer.Ordinal);
    private readonly List<byte> _marks = [];
    private readonly List<byte> _transports = [];
    private readonly List<int> _firstEntries = [];
    private readonly List<int> _serverNameEnds = [];
    private readonly List<long> _blockEnds = [];
    private readonly MemoryStream _serverNames = new();
    private readonly MemoryStream _block = new();
    private readonly BinaryWriter _texts;
    private string? _server;
    private List<string> _serverWords = [];
    private long _at = IndexFormat.HeaderLength;
    private uint _checksum;

    /// <param name="stream">An empty, seekable stream.</param>
    public IndexBuilder(Stream stream)
    {
        _stream = stream;
        _texts = new BinaryWriter(_block, Encoding.UTF8);
        _stream.Write(new byte[IndexFormat.HeaderLength]);
    }

    /// <summary>The number of bytes of texts, postings and tables so far.</summary>
    public long Length => _at;

    /// <summary>The number of servers so far.</summary>
    public int Servers => _firstEntries.Count;

    /// <summary>The number of tools so far.</summary>
    public int Tools => _marks.Count - Servers;

    /// <summary>Returns true if there is room for this many more tools.</summary>
    public bool HasRoom(int tools) => _marks.Count + tools < IndexFormat.EntriesMax;

    /// <summary>Begins a server; its tools follow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its description.</param>
    /// <param name="origin">Where it comes from; null if that is unknown.</param>
    /// <exception cref="ArgumentException">Its name does not sort after that of the previous server.</exception>
    public void BeginServer(string name, string? description, ServerOrigin? origin = null)
    {
        origin ??= ServerOrigin.Unknown;
        if (_server is not null && string.CompareOrdinal(name, _server) <= 0)
            throw new ArgumentException($"{name} does not come after {_server}.", nameof(name));
        _server = name;
        _serverWords = [.. IndexWords.Of(name, IndexFormat.NameCharsMax)];
        _firstEntries.Add(_marks.Count);
        _serverNames.Write(Encoding.UTF8.GetBytes(name));
        _serverNameEnds.Add((int)_serverNames.Length);
        _transports.Add((byte)origin.Transport);
        foreach (var word in IndexWords.Of(description, IndexFormat.TextCharsMax))
            Note(word, WordPlace.Description);
        foreach (var word in IndexWords.Of(origin.Package, IndexFormat.NameCharsMax))
            Note(word, WordPlace.Server);
        foreach (var word in _serverWords)
            Note(word, WordPlace.Name);
        AddEntry(IndexFormat.MarkOfServer(_serverWords.Count), name, null, description, 0,
            (origin.Package, origin.Repository, null));
    }

    /// <summary>Adds a tool of the current server.</summary>
    public void Add(IndexedTool tool)
    {
        foreach (var word in IndexWords.Of(tool.Description, IndexFormat.TextCharsMax))
            Note(word, WordPlace.Description);
        foreach (var word in IndexWords.Of(tool.Parameters, IndexFormat.FactCharsMax))
            Note(word, WordPlace.Description);
        foreach (var word in _serverWords)
            Note(word, WordPlace.Server);
        foreach (var word in IndexWords.Of(tool.Title, IndexFormat.NameCharsMax))
            Note(word, WordPlace.Title);
        var inName = 0;
        foreach (var word in IndexWords.Of(tool.Name, IndexFormat.NameCharsMax))
        {
            Note(word, WordPlace.Name);
            inName++;
        }

        AddEntry(IndexFormat.Mark(tool.Category, tool.Risk, inName), tool.Name, tool.Title, tool.Description,
            (byte)Math.Round(tool.Confidence * 100), (tool.Parameters, tool.Rule, tool.Reason));
    }

    /// <summary>Writes the rest, and the header last: without it, the file is not an index.</summary>
    /// <param name="madeAt">The time of its creation.</param>
    /// <param name="isPublished">True if it is built from a published catalogue.</param>
    /// <returns>The length in bytes.</returns>
    public long Finish(DateTimeOffset madeAt, bool isPublished = false)
    {
        EndBlock();
        var postingsAt = _at;
        var terms = _terms.OrderBy(static pair => pair.Key, StringComparer.Ordinal).ToList();
        var (ends, counts) = (new long[terms.Count], new int[terms.Count]);
        var termEnds = new int[terms.Count];
        using var names = new MemoryStream();
        for (var i = 0; i < terms.Count; i++)
        {
            Write(terms[i].Value.Bytes);
            (ends[i], counts[i]) = (_at, terms[i].Value.Count);
            names.Write(MemoryMarshal.AsBytes(terms[i].Key.AsSpan()));
            termEnds[i] = (int)(names.Length / sizeof(char));
        }

        var tablesAt = _at;
        Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_blockEnds)));
        Write(MemoryMarshal.AsBytes<long>(ends));
        Write(MemoryMarshal.AsBytes<int>(counts));
        Write(MemoryMarshal.AsBytes<int>(termEnds));
        Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_firstEntries)));
        Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_serverNameEnds)));
        Write(CollectionsMarshal.AsSpan(_marks));
        Write(CollectionsMarshal.AsSpan(_transports));
        Write(_serverNames.GetBuffer().AsSpan(0, (int)_serverNames.Length));
        Write(names.GetBuffer().AsSpan(0, (int)names.Length));
        _stream.Position = 0;
        _stream.Write(new IndexHeader(
            _at, _checksum, madeAt.ToUnixTimeMilliseconds(), _marks.Count, _firstEntries.Count, terms.Count,
            _blockEnds.Count, postingsAt, tablesAt, (int)_serverNames.Length, (int)names.Length,
            isPublished).Write());
        return _at;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _texts.Dispose();
        _block.Dispose();
        _serverNames.Dispose();
    }

    /// <summary>
    /// Returns text as stored: at most <paramref name="charsMax"/> long, without half of a surrogate pair.
    /// </summary>
    public static string? Cut(string? text, int charsMax) => text is null || text.Length <= charsMax
        ? text
        : text[..(char.IsHighSurrogate(text[charsMax - 2]) ? charsMax - 2 : charsMax - 1)] + "…";

    private void Note(string word, WordPlace place) => _words[word] = place;

    private void AddEntry(
        byte mark, string name, string? title, string? description, byte confidence,
        (string? First, string? Second, string? Third) facts)
    {
        var entry = _marks.Count;
        _marks.Add(mark);
        foreach (var (word, place) in _words)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, word, out _);
            (list ??= new PostingList()).Add(entry, place);
        }

        _words.Clear();
        _texts.Write(Cut(name, IndexFormat.NameCharsMax)!);
        _texts.Write(Cut(title, IndexFormat.NameCharsMax) ?? "");
        _texts.Write(Cut(description, IndexFormat.TextCharsMax) ?? "");
        _texts.Write(confidence);
        _texts.Write(Cut(facts.First, IndexFormat.FactCharsMax) ?? "");
        _texts.Write(Cut(facts.Second, IndexFormat.NameCharsMax) ?? "");
        _texts.Write(Cut(facts.Third, IndexFormat.FactCharsMax) ?? "");
        if (_marks.Count % IndexFormat.BlockEntries == 0)
            EndBlock();
    }

    private void EndBlock()
    {
        if (_block.Length == 0)
            return;
        var raw = _block.GetBuffer().AsSpan(0, (int)_block.Length);
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(raw.Length));
        if (!BrotliEncoder.TryCompress(raw, packed, out var length, BrotliQuality, BrotliWindow))
            throw new InvalidOperationException("A block could not be compressed.");
        var rawLength = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(rawLength, raw.Length);
        Write(rawLength);
        Write(packed.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(packed);
        _blockEnds.Add(_at);
        _block.SetLength(0);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _checksum = IndexFormat.Checksum(_checksum, bytes);
        _at += bytes.Length;
    }
}
