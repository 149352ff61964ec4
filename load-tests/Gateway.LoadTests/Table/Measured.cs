using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>What was measured for one row.</summary>
/// <param name="Key">The row's.</param>
/// <param name="Series">Its rounds.</param>
/// <param name="OfBefore">Ratios to another build of the same rounds; null where there is none.</param>
internal sealed record Measured(string Key, Series Series, Series? OfBefore = null);
