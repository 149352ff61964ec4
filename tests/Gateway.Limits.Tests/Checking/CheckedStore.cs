namespace Gateway.Limits.Tests.Checking;

/// <summary>What a linearisable store does with its record of one counter.</summary>
internal static class CheckedStore
{
    /// <summary>As PostgreSQL does, it shows what stood in the way where a record was to be replaced.</summary>
    public static StoreReply Apply(CounterKey key, in StoreRequest request, long floorMs, ref Reservation record)
    {
        if (request.Write is not { } next)
            return new StoreReply(
                request.Token, record.Nonce == 0 ? ReservationRead.Absent : ReservationRead.Found(record));
        return new StoreReply(request.Token, default, Swap(key, request.ExpectedNonce, next, floorMs, ref record));
    }

    /// <summary>Says all that a counter's step with this reply depends on.</summary>
    public static void Put(StateText text, in StoreReply reply)
    {
        text.Put((long)reply.Read.Outcome, (long)(reply.Write?.Outcome ?? WriteOutcome.Unknown));
        text.PutRecord(reply.Write?.Met ?? reply.Read.Record);
    }

    private static ReservationWrite Swap(
        CounterKey key, UInt128 expectedNonce, Reservation next, long floorMs, ref Reservation record)
    {
        if (record.Nonce != expectedNonce)
            return expectedNonce == 0 ? ReservationWrite.Conflict : ReservationWrite.ConflictWith(record);
        if (expectedNonce == 0 && key.RecordEndMs(next.WindowStartMs) <= floorMs) return ReservationWrite.Finished;
        record = next;
        return ReservationWrite.Ok;
    }
}
