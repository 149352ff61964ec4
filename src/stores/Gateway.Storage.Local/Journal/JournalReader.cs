using System.Buffers.Binary;
using System.Text;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Storage.Local.Journal;

/// <summary>Replays the payloads of frames into a <see cref="JournalState"/>.</summary>
internal sealed class JournalReader
{
    private readonly Dictionary<uint, CounterKey> _keys = [];
    private CounterKey? _last;

    /// <summary>The state read so far.</summary>
    public JournalState State { get; } = new();

    /// <summary>Applies one frame's payload; returns false if this version cannot have written it.</summary>
    public bool TryApply(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            var kind = payload[0];
            payload = payload[1..];
            var isRead = kind switch
            {
                JournalFormat.NamedCounter => TryCounter(ref payload, isNamed: true),
                JournalFormat.NumberedCounter => TryCounter(ref payload, isNamed: false),
                JournalFormat.Floor => TryFloor(ref payload),
                JournalFormat.Machine => TryMachine(ref payload),
                JournalFormat.Entries => TryEntries(ref payload),
                _ => false,
            };
            if (!isRead) return false;
        }

        return true;
    }

    private bool TryCounter(ref ReadOnlySpan<byte> rest, bool isNamed)
    {
        if (!TryTake(ref rest, 4, out var head)) return false;
        var number = BinaryPrimitives.ReadUInt32LittleEndian(head);
        CounterKey? key;
        if (isNamed)
        {
            if (!TryText(ref rest, out var text) || !CounterKeyReader.TryRead(text, out key)) return false;
            _keys[number] = key!;
        }
        else if (!_keys.TryGetValue(number, out key))
        {
            return false;
        }

        if (!TryTake(ref rest, 40, out var body)) return false;
        var record = new Reservation(
            BinaryPrimitives.ReadInt64LittleEndian(body),
            BinaryPrimitives.ReadInt128LittleEndian(body[8..]),
            BinaryPrimitives.ReadUInt128LittleEndian(body[24..]));
        State.Entries[key!] = record;
        _last = key;
        return true;
    }

    private bool TryEntries(ref ReadOnlySpan<byte> rest)
    {
        if (_last is not { } key || !TryTake(ref rest, 2, out var head)) return false;
        if (!TryTake(ref rest, BinaryPrimitives.ReadUInt16LittleEndian(head), out var body)) return false;
        if (key.Kind.Decode(body) is not { } entries) return false;
        State.Entries[key] = State.Entries[key] with { Entries = entries };
        _last = null;
        return true;
    }

    private bool TryFloor(ref ReadOnlySpan<byte> rest)
    {
        if (!TryTake(ref rest, 8, out var body)) return false;
        State.FloorMs = Math.Max(State.FloorMs, BinaryPrimitives.ReadInt64LittleEndian(body));
        return true;
    }

    private bool TryMachine(ref ReadOnlySpan<byte> rest)
    {
        if (!TryTake(ref rest, 17, out var body) || !TryText(ref rest, out var bootId)) return false;
        State.IsSynced = body[0] != 0;
        State.ShortBlindMs = BinaryPrimitives.ReadInt64LittleEndian(body[1..]);
        State.QuarantineMs = BinaryPrimitives.ReadInt64LittleEndian(body[9..]);
        State.BootId = bootId;
        return true;
    }

    private static bool TryText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (!TryTake(ref rest, 2, out var head)) return false;
        if (!TryTake(ref rest, BinaryPrimitives.ReadUInt16LittleEndian(head), out var body)) return false;
        text = Encoding.UTF8.GetString(body);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < length) return false;
        taken = rest[..length];
        rest = rest[length..];
        return true;
    }
}
