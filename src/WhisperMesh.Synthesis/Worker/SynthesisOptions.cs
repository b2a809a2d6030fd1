using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Settings of the synthesis worker.</summary>
public sealed class SynthesisOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Synthesis";

    /// <summary>Folder of a Piper voice: model.onnx, tokens.txt, espeak-ng-data.</summary>
    [Required]
    public string ModelPath { get; set; } = "models/piper-en_US-joe-medium";

    /// <summary>Id of the model.</summary>
    [Required]
    public string ModelName { get; set; } = "piper-en_US-joe-medium";

    /// <summary>Other ids that lead to it.</summary>
    public string[] Aliases { get; set; } = ["tts-1", "tts-1-hd", "gpt-4o-mini-tts"];

    /// <summary>Id of the voice.</summary>
    [Required]
    public string Voice { get; set; } = "joe";

    /// <summary>Other ids that lead to the voice.</summary>
    public string[] VoiceAliases { get; set; } =
        ["alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar"];

    /// <summary>Language that the voice speaks, BCP-47.</summary>
    [Required]
    public string LanguageCode { get; set; } = "en-US";

    /// <summary>Where the voice comes from and under which terms.</summary>
    public string VoiceDescription { get; set; } =
        "Piper voice joe, CC0 by its model card; fine-tuned from the voice lessac, whose recordings had research terms. "
        + "It is spoken with eSpeak NG, GPL-3.0-or-later.";

    /// <summary>Processor threads of the voice; 0 takes as many as there are, up to four.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>The ffmpeg program, which compressed formats need.</summary>
    [Required]
    public string FfmpegPath { get; set; } = "ffmpeg";

    /// <summary>Requests worked on at once.</summary>
    [Range(1, 256)]
    public int ConcurrentRequests { get; set; } = 2;

    /// <summary>Requests that may wait.</summary>
    [Range(0, 10_000)]
    public int QueueLimit { get; set; } = 64;
}

[OptionsValidator]
internal sealed partial class SynthesisOptionsValidator : IValidateOptions<SynthesisOptions>;
