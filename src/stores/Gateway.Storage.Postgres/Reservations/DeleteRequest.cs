namespace Gateway.Storage.Postgres.Reservations;

/// <summary>One deletion.</summary>
/// <param name="Key">The counter.</param>
/// <param name="ExpectedNonce">What the record must still carry.</param>
/// <param name="FloorMs">The end of its window, to which the floor is raised first.</param>
internal sealed record DeleteRequest(string Key, Guid ExpectedNonce, long FloorMs);
