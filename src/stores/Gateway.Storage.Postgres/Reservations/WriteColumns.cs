using Gateway.Storage.Postgres.Batching;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>The records of one batch of writes as columns, in the form that a statement takes.</summary>
internal sealed class WriteColumns
{
    private readonly List<string> _keys = [];
    private readonly List<Guid> _expected = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _ends = [];
    private readonly List<decimal> _reserved = [];
    private readonly List<Guid> _nonces = [];
    private readonly List<byte[]?> _entries = [];
    private readonly List<long> _firsts = [];
    private int[] _places = [];
    private string[] _sorted = [];

    /// <summary>Returns the parameters, in order, of a statement that creates or replaces records.</summary>
    public NpgsqlParameter[] ToParameters(bool makes) =>
    [
        PreparedStatement.ListOf(_keys, NpgsqlDbType.Text),
        .. makes ? (NpgsqlParameter[])[] : [PreparedStatement.ListOf(_expected, NpgsqlDbType.Uuid)],
        PreparedStatement.ListOf(_starts, NpgsqlDbType.Bigint),
        PreparedStatement.ListOf(_ends, NpgsqlDbType.Bigint),
        PreparedStatement.ListOf(_reserved, NpgsqlDbType.Numeric),
        PreparedStatement.ListOf(_nonces, NpgsqlDbType.Uuid),
        PreparedStatement.ListOf(_entries, NpgsqlDbType.Bytea),
        .. makes ? [PreparedStatement.ListOf(_firsts, NpgsqlDbType.Bigint)] : (NpgsqlParameter[])[],
    ];

    /// <summary>
    /// Adds a batch in key order, in which rows are locked, so that two batches never deadlock. Stored keys are ASCII,
    /// so this is the order of the table's index.
    /// </summary>
    public void FillInOrder<TReply>(ArraySegment<Pending<WriteRequest, TReply>> batch)
    {
        if (_places.Length < batch.Count) (_places, _sorted) = (new int[batch.Count], new string[batch.Count]);
        for (var i = 0; i < batch.Count; i++) (_places[i], _sorted[i]) = (i, batch[i].Request.Key);
        _sorted.AsSpan(0, batch.Count).Sort(_places.AsSpan(0, batch.Count), string.CompareOrdinal);
        Clear();
        for (var i = 0; i < batch.Count; i++) Add(batch[_places[i]].Request);
    }

    /// <summary>Returns the position in the batch of the row at this index.</summary>
    public int PlaceOf(int row) => _places[row];

    private void Clear()
    {
        _keys.Clear();
        _expected.Clear();
        _starts.Clear();
        _ends.Clear();
        _reserved.Clear();
        _nonces.Clear();
        _entries.Clear();
        _firsts.Clear();
    }

    private void Add(WriteRequest row)
    {
        _keys.Add(row.Key);
        _expected.Add(row.ExpectedNonce);
        _starts.Add(row.WindowStartMs);
        _ends.Add(row.WindowEndMs);
        _reserved.Add(row.Reserved);
        _nonces.Add(row.Nonce);
        _entries.Add(row.Entries);
        _firsts.Add(row.FirstMs);
    }
}
