namespace Gateway.LoadTests.Generating;

/// <summary>A call of an open loop.</summary>
/// <param name="Number">Its index in the plan, from 0.</param>
/// <param name="DueAt">The time at which it should be sent, as a timestamp of the plan's clock.</param>
internal readonly record struct DueCall(long Number, long DueAt);
