using Microsoft.Extensions.Options;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>;
