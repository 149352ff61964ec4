using System.Buffers.Binary;
using System.Text;

namespace Gateway.Storage.Local.Journal;

/// <summary>Builds one frame. Owned by the journal's thread and reused for every batch.</summary>
internal sealed class JournalBatch
{
    /// <summary>Upper bound of an item: a key and a sliding limit's entries have at most 64 KiB each.</summary>
    private const int ItemBytesMax = 130 * 1024;

    private byte[] _bytes = new byte[ItemBytesMax * 2];
    private int _length = JournalFormat.FrameHeadLength;

    public bool IsEmpty => _length == JournalFormat.FrameHeadLength;

    /// <summary>True if another item might not fit into a frame.</summary>
    public bool IsFull => _length > JournalFormat.PayloadBytesMax - ItemBytesMax;

    /// <summary>Adds the counter in this row, with its key unless this file already has it under its number.</summary>
    public void AddCounter(JournalIndex counters, int row, bool isNamed)
    {
        Reserve();
        var record = counters.RecordAt(row);
        Write(isNamed ? JournalFormat.NamedCounter : JournalFormat.NumberedCounter);
        BinaryPrimitives.WriteUInt32LittleEndian(Next(4), JournalIndex.NumberOf(row));
        if (isNamed) WriteText(counters.KeyAt(row)!.Text);
        WriteTime(record.WindowStartMs);
        BinaryPrimitives.WriteInt128LittleEndian(Next(16), record.Reserved);
        BinaryPrimitives.WriteUInt128LittleEndian(Next(16), record.Nonce);
        if (record.Entries is not { } entries) return;
        var bytes = entries.ToBytes();
        Write(JournalFormat.Entries);
        BinaryPrimitives.WriteUInt16LittleEndian(Next(2), checked((ushort)bytes.Length));
        bytes.CopyTo(Next(bytes.Length));
    }

    public void AddFloor(long floorMs)
    {
        Reserve();
        Write(JournalFormat.Floor);
        WriteTime(floorMs);
    }

    /// <summary>Adds the journal's record of the machine.</summary>
    public void AddMachine(JournalState state)
    {
        Reserve();
        Write(JournalFormat.Machine);
        Write(state.IsSynced ? (byte)1 : (byte)0);
        WriteTime(state.ShortBlindMs);
        WriteTime(state.QuarantineMs);
        WriteText(state.BootId);
    }

    /// <summary>Returns the complete frame; call <see cref="Clear"/> after appending it.</summary>
    public ReadOnlySpan<byte> Complete(uint order)
    {
        var frame = _bytes.AsSpan(0, _length);
        JournalFormat.WriteFrameHead(frame, order);
        return frame;
    }

    public void Clear() => _length = JournalFormat.FrameHeadLength;

    private void Reserve()
    {
        if (_bytes.Length - _length < ItemBytesMax) Array.Resize(ref _bytes, _bytes.Length * 2);
    }

    private Span<byte> Next(int length)
    {
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    private void Write(byte value) => Next(1)[0] = value;

    private void WriteTime(long ms) => BinaryPrimitives.WriteInt64LittleEndian(Next(8), ms);

    private void WriteText(string text)
    {
        var head = Next(2);
        var length = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        BinaryPrimitives.WriteUInt16LittleEndian(head, checked((ushort)length));
        _length += length;
    }
}
