namespace Proofsheet.Api.Data.Idempotency;

/// <summary>How an operation keeps the promise of an Idempotency-Key. Metadata of its route; <see cref="InOneTransaction"/> where there is none.</summary>
internal sealed record IdempotencyMode(IdempotencyOrder Order, IdempotencyBody Body)
{
    public static readonly IdempotencyMode InOneTransaction = new(IdempotencyOrder.OneTransaction, IdempotencyBody.Buffered);
    public static readonly IdempotencyMode ClaimedFirst = new(IdempotencyOrder.ClaimFirst, IdempotencyBody.Buffered);
    public static readonly IdempotencyMode Repeatable = new(IdempotencyOrder.AnswerAfterwards, IdempotencyBody.Buffered);
    public static readonly IdempotencyMode RepeatableStream = new(IdempotencyOrder.AnswerAfterwards, IdempotencyBody.Streamed);
    public static readonly IdempotencyMode RepeatableFiles = new(IdempotencyOrder.AnswerAfterwards, IdempotencyBody.Files);
}

internal enum IdempotencyOrder
{
    /// <summary>The changes and the remembered answer are committed together.</summary>
    OneTransaction,

    /// <summary>
    /// The key is claimed in a transaction of its own, then the handler runs. For what asks another server or counts attempts, which a
    /// rollback would undo, and should not run in two processes at once.
    /// </summary>
    ClaimFirst,

    /// <summary>The handler may run twice without harm, so only its answer is remembered, when it is known.</summary>
    AnswerAfterwards,
}

/// <summary>How two bodies are compared.</summary>
internal enum IdempotencyBody
{
    /// <summary>Byte for byte, read before the handler.</summary>
    Buffered,

    /// <summary>Byte for byte, while the handler reads.</summary>
    Streamed,

    /// <summary>The files of a multipart body, by name and content: a client that sends again chooses another boundary.</summary>
    Files,
}
