using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>The measurement for one row.</summary>
/// <param name="Key">The key of the row.</param>
/// <param name="Series">Its rounds.</param>
/// <param name="OfBefore">The ratios to another build in the same rounds; null if there is none.</param>
internal sealed record Measured(string Key, Series Series, Series? OfBefore = null);
