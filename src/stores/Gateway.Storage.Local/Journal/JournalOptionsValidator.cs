using Microsoft.Extensions.Options;

namespace Gateway.Storage.Local.Journal;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class JournalOptionsValidator : IValidateOptions<JournalOptions>;
