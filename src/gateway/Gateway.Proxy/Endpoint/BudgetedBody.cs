using System.Buffers;
using Gateway.Control.Memory;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// A reader of an agent's message completely into one array, within its bound and the memory of its grant. The bytes
/// that are evaluated are the bytes that are sent. A message that arrived in one piece is copied once, without waiting.
/// </summary>
internal static class BudgetedBody
{
    /// <summary>
    /// The memory of a call beside its body: buffers of two connections, headers, and the parsed message.
    /// </summary>
    public const int CallBytes = 32 * 1024;

    private const int RoomMin = 64 * 1024;

    /// <summary>Reads the body; the caller returns the memory that <see cref="BodyRead.Held"/> reports.</summary>
    public static async ValueTask<BodyRead> ReadAsync(
        HttpRequest request, int bytesMax, MemoryBudget memory, MemoryShare share, CancellationToken cancellationToken)
    {
        if (request.ContentLength > bytesMax)
            return new BodyRead(default, 0, BodyEnd.TooLong);
        if (!memory.TryTake(share, CallBytes, MemoryUse.Request))
            return new BodyRead(default, 0, BodyEnd.NoMemory);
        var held = (long)CallBytes;
        var (body, length) = (Array.Empty<byte>(), 0);
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var read = await BodyReader.ReadOnAsync(reader, cancellationToken);
                var buffer = read.Buffer;
                if (length + buffer.Length > bytesMax)
                {
                    reader.AdvanceTo(buffer.End);
                    return new BodyRead(default, 0, BodyEnd.TooLong);
                }

                var needed = length + (int)buffer.Length;
                if (needed > body.Length)
                {
                    var room = read.IsCompleted ? needed : Room(needed, request.ContentLength, bytesMax);
                    if (!memory.TryTake(share, room, MemoryUse.Request))
                    {
                        reader.AdvanceTo(buffer.End);
                        return new BodyRead(default, 0, BodyEnd.NoMemory);
                    }

                    held += room;
                    var larger = GC.AllocateUninitializedArray<byte>(room);
                    body.AsSpan(0, length).CopyTo(larger);
                    memory.GiveBack(share, body.Length);
                    held -= body.Length;
                    body = larger;
                }

                buffer.CopyTo(body.AsSpan(length));
                length = needed;
                reader.AdvanceTo(buffer.End);
                if (read.IsCompleted)
                {
                    var kept = held;
                    held = 0;
                    return new BodyRead(body.AsMemory(0, length), kept, BodyEnd.Whole);
                }
            }
        }
        finally
        {
            if (held > 0)
                memory.GiveBack(share, held);
        }
    }

    // Trust Content-Length for the first allocation: a client that lies only uses its own budget. Otherwise the size
    // doubles.
    private static int Room(int needed, long? promised, int bytesMax) =>
        promised >= needed ? (int)promised : Math.Max(needed, (int)Math.Min(Math.Max(2L * needed, RoomMin), bytesMax));
}
