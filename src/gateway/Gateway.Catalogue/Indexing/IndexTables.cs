using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Catalogue.Indexing;

/// <summary>The part of an index that is in memory: its terms, its servers, and a byte for each entry.</summary>
internal sealed class IndexTables
{
    private const int NearestMax = 5;

    private readonly IndexHeader _header;
    private readonly long[] _blockEnds;
    private readonly long[] _postingEnds;
    private readonly int[] _counts;
    private readonly int[] _termEnds;
    private readonly int[] _firstEntries;
    private readonly int[] _serverNameEnds;
    private readonly byte[] _serverNames;
    private readonly char[] _terms;

    /// <exception cref="IndexException">The tables do not match the header.</exception>
    public IndexTables(IndexBytes bytes, IndexHeader header)
    {
        _header = header;
        var at = header.TablesAt;
        _blockEnds = Table<long>(header.Blocks);
        _postingEnds = Table<long>(header.Terms);
        _counts = Table<int>(header.Terms);
        _termEnds = Table<int>(header.Terms);
        _firstEntries = Table<int>(header.Servers);
        _serverNameEnds = Table<int>(header.Servers);
        Marks = Table<byte>(header.Entries);
        Transports = header.Version == IndexFormat.VersionWithoutFacts
            ? new byte[header.Servers]
            : Table<byte>(header.Servers);
        _serverNames = Table<byte>(header.ServerNameBytes);
        _terms = Table<char>(header.TermBytes / sizeof(char));
        if (at != header.Length || header.Blocks != (header.Entries + IndexFormat.BlockEntries - 1)
            / IndexFormat.BlockEntries)
        {
            throw new IndexException("is damaged in its tables");
        }

        T[] Table<T>(int length)
            where T : unmanaged
        {
            if (length < 0 || length > (header.Length - at) / Marshal.SizeOf<T>())
                throw new IndexException("is damaged in its tables");
            var table = new T[length];
            var into = MemoryMarshal.AsBytes(table.AsSpan());
            bytes.Read(at, into);
            at += into.Length;
            return table;
        }
    }

    /// <summary>The category, the risk and the number of name words of each entry.</summary>
    public byte[] Marks { get; }

    /// <summary>The <see cref="KnownTransport"/> of each server.</summary>
    public byte[] Transports { get; }

    public int Servers => _firstEntries.Length;

    public string ServerName(int server)
    {
        var start = server == 0 ? 0 : _serverNameEnds[server - 1];
        return Encoding.UTF8.GetString(_serverNames, start, _serverNameEnds[server] - start);
    }

    /// <summary>Returns the entries of a server: its own, followed by those of its tools.</summary>
    public (int First, int End) EntriesOf(int server) =>
        (_firstEntries[server], EndOf(server));

    public int EndOf(int server) =>
        server + 1 < _firstEntries.Length ? _firstEntries[server + 1] : _header.Entries;

    /// <summary>Returns the server of an entry.</summary>
    public int ServerOf(int entry)
    {
        var at = Array.BinarySearch(_firstEntries, entry);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>Returns the server of this name, or -1 if there is none.</summary>
    public int FindServer(string name)
    {
        var (low, high) = (0, _firstEntries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(ServerName(middle), name);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>Returns the position of a block's texts.</summary>
    public (long Start, int Length) Block(int block)
    {
        var start = block == 0 ? IndexFormat.HeaderLength : _blockEnds[block - 1];
        return (start, checked((int)(_blockEnds[block] - start)));
    }

    /// <summary>Returns the position of a term's postings.</summary>
    public (long Start, int Length) Postings(int term)
    {
        var start = term == 0 ? _header.PostingsAt : _postingEnds[term - 1];
        return (start, checked((int)(_postingEnds[term] - start)));
    }

    /// <summary>
    /// Returns the terms that match a word, the exact one first. If many begin with the word, those with the most
    /// entries are returned. A word without a match may be mistyped, and returns the nearest terms.
    /// </summary>
    public List<int> Find(string word, int termsMax)
    {
        var found = new List<int>();
        var first = LowerBound(word);
        var end = first;
        while (end < _counts.Length && (word.Length >= IndexWords.PrefixCharsMin
            ? Term(end).StartsWith(word, StringComparison.Ordinal)
            : Term(end).SequenceEqual(word)))
        {
            end++;
        }

        if (first == end)
            return FindNearest(word);
        if (Term(first).SequenceEqual(word))
            found.Add(first++);
        var more = Enumerable.Range(first, end - first);
        found.AddRange(end - first <= termsMax ? more : more.OrderByDescending(term => _counts[term]).Take(termsMax));
        return found;
    }

    private List<int> FindNearest(string word)
    {
        var found = new List<int>();
        var errorsMax = WordDistance.ErrorsMax(word.Length);
        for (var term = 0; errorsMax > 0 && term < _counts.Length; term++)
        {
            var errors = WordDistance.Between(word, Term(term), errorsMax);
            if (errors > errorsMax)
                continue;
            if (errors < errorsMax)
                found.Clear();
            errorsMax = errors;
            found.Add(term);
        }

        return [.. found.OrderByDescending(term => _counts[term]).Take(NearestMax)];
    }

    /// <summary>Returns true if a term equals this word and does not only begin with it.</summary>
    public bool IsTerm(int term, string word) => Term(term).SequenceEqual(word);

    private int LowerBound(string word)
    {
        var (low, high) = (0, _counts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Term(middle).SequenceCompareTo(word) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private ReadOnlySpan<char> Term(int term)
    {
        var start = term == 0 ? 0 : _termEnds[term - 1];
        return _terms.AsSpan(start, _termEnds[term] - start);
    }
}
